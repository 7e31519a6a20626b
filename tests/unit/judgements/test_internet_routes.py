"""Do the subnets of a group lead to the internet?"""

from collections.abc import Mapping
from typing import Any

import pytest

from planspec.aws.internet_routes import leads_to_the_internet
from tests.support.plans import block, configuration, constant, plan, refers, resource

GROUP = "aws_db_subnet_group"
SUBNET = "aws_subnet"
TABLE = "aws_route_table"
ROUTE = "aws_route"
JOIN = "aws_route_table_association"
TO_GATEWAY = refers("aws_internet_gateway.main.id", "aws_internet_gateway.main")
TO_NAT = refers("aws_nat_gateway.main.id", "aws_nat_gateway.main")


def leads(
    place: str = "",
    expression: Mapping[str, Any] | None = None,
    *,
    joined: int = 1,
    listed: Any = (...,),
    table: Any = None,
    route_gateway: Any = ...,
) -> bool | None:
    """Ask of one subnet, whose table has a route inside or beside it by these expressions."""
    names = ("one", "two")[:joined]
    inside, beside = (expression if place == each else None for each in ("inside", "beside"))
    expressions: dict[str, Any] = {"route": [{"gateway_id": inside}]} if inside is not None else {}
    routes: Any = [{"gateway_id": route_gateway, "nat_gateway_id": None}] if inside is not None else ...
    way: dict[str, Any] = {"gateway_id": beside} if beside else {}
    made = plan(
        resource(GROUP, "main", subnet_ids=list(listed)),
        resource(SUBNET, "main", id="subnet-1"),
        resource("aws_internet_gateway", "main", id=...),
        resource("aws_nat_gateway", "main", id=...),
        *(resource(TABLE, name, id=..., route=routes) for name in names),
        *(resource(JOIN, name, subnet_id=..., route_table_id=...) for name in names),
        *(
            [resource(ROUTE, "out", route_table_id=..., gateway_id=route_gateway)]
            if beside is not None
            else []
        ),
        configuration=configuration(
            block(GROUP, "main", subnet_ids=refers(f"{SUBNET}.main.id", f"{SUBNET}.main")),
            block(SUBNET, "main"),
            block("aws_internet_gateway", "main"),
            block("aws_nat_gateway", "main"),
            *(block(TABLE, name, **expressions) for name in names),
            *(
                block(
                    *(JOIN, name),
                    subnet_id=refers(f"{SUBNET}.main.id", f"{SUBNET}.main"),
                    route_table_id=refers(f"{TABLE}.{name}.id", f"{TABLE}.{name}"),
                )
                for name in names
            ),
            *(
                [
                    block(
                        *(ROUTE, "out"),
                        route_table_id=table or refers(f"{TABLE}.one.id", f"{TABLE}.one"),
                        **way,
                    )
                ]
                if beside is not None
                else []
            ),
        ),
    )
    return leads_to_the_internet(made, made.changes[0])


@pytest.mark.parametrize("place", ["inside", "beside"])
def test_a_route_to_an_internet_gateway_leads_there(place: str) -> None:
    assert leads(place, TO_GATEWAY) is True
    assert leads(place, constant("igw-1"), route_gateway="igw-1") is True


@pytest.mark.parametrize("place", ["inside", "beside"])
def test_a_route_to_something_else_does_not(place: str) -> None:
    assert leads(place, TO_NAT) is not True
    assert leads(place, constant("vgw-1"), route_gateway="vgw-1") is False
    assert leads(place, constant(None), route_gateway=None) is False


@pytest.mark.parametrize("place", ["inside", "beside"])
def test_a_gateway_that_apply_decides_is_open(place: str) -> None:
    assert leads(place, refers("local.gateway")) is None


def test_a_table_without_routes_leads_nowhere() -> None:
    assert leads() is False


def test_a_gateway_that_nobody_writes_is_computed_by_the_provider() -> None:
    assert leads("beside", {}) is False


def test_a_route_of_which_the_table_is_unknown_leaves_it_open() -> None:
    assert leads("beside", TO_NAT, table=refers("local.table")) is None


def test_a_subnet_has_one_table_or_the_plan_does_not_tell() -> None:
    assert leads(joined=0) is None
    assert leads(joined=2) is None


def test_each_subnet_of_the_group_is_asked() -> None:
    assert leads(listed=["subnet-1"]) is False
    assert leads(listed=["subnet-1", "subnet-2"]) is None
    assert leads("beside", TO_GATEWAY, listed=["subnet-1", "subnet-2"]) is True
    assert leads("beside", TO_GATEWAY, listed=["subnet-2"]) is not False
