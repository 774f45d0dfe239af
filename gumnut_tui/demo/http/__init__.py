"""The simulated service over HTTP: routes, forms of the API, access, faults."""
