"""What `outreach doctor` checks: everything outside the code that sending depends on."""
