"""The SES v2 service: it validates, throttles and stores as SES does, and reports back."""
