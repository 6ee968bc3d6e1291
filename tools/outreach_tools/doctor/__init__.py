"""What `outreach doctor` looks at: everything outside the code that sending depends on."""
