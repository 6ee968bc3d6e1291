"""The parts of `campaign_file`: reading YAML with its lines, the model of the file, and its rules."""
