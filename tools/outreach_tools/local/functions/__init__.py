"""The Lambda service of the local cloud: real handlers, in this process, each in a process-like world of its own."""
