"""What the use cases need, in the domain's words. Adapters implement it; so do the tests' fakes."""
