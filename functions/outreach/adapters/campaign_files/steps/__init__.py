"""The verbs of a campaign file, one file each; `registry` lists them."""
