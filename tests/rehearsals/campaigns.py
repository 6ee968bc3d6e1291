"""Campaigns of the rehearsals: little, with a message of each class under each driver."""

NEWS = """
class: marketing
topic: news
trigger: customer.signed_up
key: customer.id
reentry: never
driver: sweep
window: any
priority: 50
steps:
  - wait: 6h
  - send: first-news
  - wait: 2d
  - send: second-news
"""
RECEIPTS = """
class: transactional
trigger: order.placed
key: order.id
reentry: never
driver: workflow
steps:
  - send: receipt
  - wait: 2d
  - send: how-it-was
"""
GREETINGS = """
class: marketing
topic: start
trigger: customer.signed_up
key: customer.id
reentry: never
driver: workflow
window: any
priority: 50
steps:
  - send: hello
    valid_for: 1d
  - wait: 2d
  - send: tips
"""
