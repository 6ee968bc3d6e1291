"""The SES v2 service of the local cloud: it validates, throttles and remembers as SES does, and reports back."""
