"""Everything that carries events from one place to another: bus, schedules, queues, topics, HTTP."""
