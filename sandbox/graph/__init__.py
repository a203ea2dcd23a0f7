"""The stand-in for graph.facebook.com: one file per noun, routes in dispatch."""
