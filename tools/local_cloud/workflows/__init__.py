"""Step Functions: moto's interpreter of the states language, on the virtual clock, behind our own service."""
