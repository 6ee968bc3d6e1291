"""The parts of `event_envelope`: the model of an event from outside, and the rules for its fields."""
