"""Terms and rules: events, entities, filters, times, errors. No I/O."""
