"""The pytest plugin, for a suite of your own: `pytest_plugins = ["planspec.plugin"]`."""

pytest_plugins = ("planspec.runner.plugin",)
