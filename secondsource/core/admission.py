"""What the web server and the application agree on about large bodies.

The server reads a small body before anybody looks at the request. For a larger one, or one of
unknown length, it first runs the application on the head alone (``HEAD_ONLY`` in its environment).
The status ``ADMITTED`` lets the body come, up to as many bytes as the answer's text says; any
other answer goes to the client, and the body is thrown away.
"""

#: Bytes that anybody may send: a form, not a file.
SMALL_BODY = 256 * 1024
HEAD_ONLY = "secondsource.head_only"
ADMITTED = 299
