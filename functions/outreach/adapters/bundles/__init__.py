"""Published campaigns: immutable bundles in a bucket, and pointers in the table to the current ones."""
