"""Work after the answer: queue, outbox."""
