"""Step Functions: moto's interpreter of the states language, on the virtual clock, behind a service of our own."""
