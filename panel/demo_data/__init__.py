"""What `manage.py load_demo` fills an empty panel with, and the facts it tells about it.

Loading again adds what is missing and changes nothing else, so what was ordered, spent or set by hand in a
demo stays. Only passwords and the sandbox's address are put right, because the facts tell them.
"""
