"""Stand-in for the Facebook Graph API and the X API: a separate HTTP server for rehearsal, demo and tests."""
