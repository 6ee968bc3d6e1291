"""Does nothing, every day and every hour."""


def handler(event, context):
    return {"seen": event}
