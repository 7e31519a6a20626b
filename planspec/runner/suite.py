"""Binds every selected feature; collected by path, never imported as a test of anybody else."""

from pytest_bdd import scenarios

from planspec.runner.isolated_pytest import selected_features

scenarios(*selected_features())
