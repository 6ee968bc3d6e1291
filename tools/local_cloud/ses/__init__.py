"""The SES v2 service: it validates, throttles and remembers as SES does, and reports back."""
