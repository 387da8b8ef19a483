"""Gives every test the fixture `marketo_sandbox`: a client and the Marketo it talks to."""

pytest_plugins = ["marketo_async.testing.plugin"]
