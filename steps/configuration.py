"""Steps for what a configuration has beside resources: variables, outputs, providers, modules."""

from pytest_bdd import when

from planspec import Plan
from planspec.judgements.generic import configuration_parts, selections, subjects
from planspec.judgements.generic.selections import Selection


@when("we examine every variable of the configuration", target_fixture="selection")
def examine_variables(plan: Plan) -> subjects.Variables:
    """Variables of the root module: "name", "value", "default", "sensitive"."""
    parts = configuration_parts.variables(plan)
    return subjects.Variables(*selections.of_parts(plan, parts, "variable"))


@when("we examine every input variable of the configuration", target_fixture="selection")
def examine_input_variables(plan: Plan) -> subjects.Variables:
    """The same, by the name that Terraform gives them."""
    return examine_variables(plan)


@when("we examine every output value of the configuration", target_fixture="selection")
def examine_output_values(plan: Plan) -> subjects.Outputs:
    """Outputs of the root module, by the name that Terraform gives them."""
    return examine_outputs(plan)


@when("we examine every output of the configuration", target_fixture="selection")
def examine_outputs(plan: Plan) -> subjects.Outputs:
    """Outputs of the root module: "name", "value", "sensitive"."""
    return subjects.Outputs(*selections.of_parts(plan, configuration_parts.outputs(plan), "output"))


@when("we examine every provider of the configuration", target_fixture="selection")
def examine_providers(plan: Plan) -> subjects.Providers:
    """Provider configurations: "name", "alias", "version", and what is written for them."""
    parts = configuration_parts.providers(plan)
    return subjects.Providers(*selections.of_configuration(plan, parts, "provider"))


@when("we examine every required provider of the configuration", target_fixture="selection")
def examine_required_providers(plan: Plan) -> Selection:
    """Each provider once for each module that requires it: "name", "source", "version"."""
    parts = configuration_parts.required_providers(plan)
    return selections.of_configuration(plan, parts, "required provider")


@when("we examine every module call of the configuration", target_fixture="selection")
def examine_module_calls(plan: Plan) -> Selection:
    """Calls of modules, at any depth: "name", "address", "source", "version"."""
    parts = configuration_parts.module_calls(plan)
    return selections.of_configuration(plan, parts, "module call")


@when("we examine every provisioner of the configuration", target_fixture="selection")
def examine_provisioners(plan: Plan) -> Selection:
    """Provisioners: "type", the "address" and the "name" of the resource that has it."""
    parts = configuration_parts.provisioners(plan)
    return selections.of_configuration(plan, parts, "provisioner")
