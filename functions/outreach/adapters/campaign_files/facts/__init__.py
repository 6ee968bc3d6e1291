"""`templates/facts.yaml`: the declared types of customers' attributes and of events' properties."""
