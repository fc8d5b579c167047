"""The protocol between web server and application for large request bodies.

The server reads a small body before it calls the application. For a larger one, or one of unknown
length, it first calls the application with the headers only (``HEAD_ONLY`` in the environment). The
status ``ADMITTED`` admits the body, up to the number of bytes in the response's text. Any other
response goes to the client, and the body is discarded.
"""

#: Largest body without admission: a form, not a file.
SMALL_BODY = 256 * 1024
HEAD_ONLY = "secondsource.head_only"
ADMITTED = 299
