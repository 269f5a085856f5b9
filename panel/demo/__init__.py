"""The demo: every process of the panel on one machine, watched, with a sandbox in the place of upstreams."""
