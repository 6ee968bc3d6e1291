"""What the use cases need of the world, in the domain's words. Adapters supply it; so do the tests' fakes."""
