"""The one error users are meant to read: place, finding, remedy.

Here belongs what every room raises when input or state is wrong in a way a
person can mend. A fault in our own code is not one: let it crash as itself.
"""


class InputError(Exception):
    """Something a person gave us, or a server sent, cannot be used.

    `place` names file, sheet, row, cell or table; `finding` what stands there;
    `remedy` what to do about it.
    """

    def __init__(self, place: str, finding: str, remedy: str) -> None:
        self.place, self.finding, self.remedy = place, finding, remedy
        super().__init__(f"{place}: {finding}. {remedy}")


class RefusedError(InputError):
    """A server answered, in status or words, that it does not do what was asked of it.

    Asking the same again changes nothing.
    """


class UnreachableError(InputError):
    """A server could not be reached or gave no whole answer, however often it was asked.

    The only error that time alone may mend: an unattended run tries again later.
    """
