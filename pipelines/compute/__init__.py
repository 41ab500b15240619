"""One table after the other: computed from its file, judged, and remembered.

Here belongs what would be the same without Dagster. When and in which order tables are computed
(orchestration) does not.
"""
