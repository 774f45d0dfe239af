"""The words and rules of the trade: events, entities, filters, times, errors. Nothing here reads or draws anything."""
