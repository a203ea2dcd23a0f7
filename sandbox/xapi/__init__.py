"""The stand-in for api.x.com, version 2: one file per noun, routes in dispatch."""
