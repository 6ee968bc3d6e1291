"""From a SAM template to running resources."""
