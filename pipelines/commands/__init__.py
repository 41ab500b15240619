"""The commands, a file each or a few of a kind: every click command of a file here is one."""
