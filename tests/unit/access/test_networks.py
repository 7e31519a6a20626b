"""Does an address lie in one of many networks, as asking each of them would say?"""

import ipaddress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from planspec.access.operators import Condition, Family, Operator, agrees
from planspec.access.patterns import EVERYTHING

IN = Operator(Family.ADDRESS, "in")
# Few numbers, so that networks hold each other and addresses lie at their edges.
V4 = st.builds(
    lambda number, length: ipaddress.ip_network((number << 24, length), strict=False),
    st.integers(0, 255),
    st.integers(0, 10),
)
V6 = st.builds(
    lambda number, length: ipaddress.ip_network((number << 120, length), strict=False),
    st.integers(0, 255),
    st.integers(0, 10),
)


@given(st.frozensets(V4 | V6, max_size=6), V4 | V6)
def test_many_networks_say_what_each_of_them_says(networks: frozenset[Any], asked: Any) -> None:
    inside = [asked.version == each.version and asked.subnet_of(each) for each in networks]
    assert agrees(Condition(IN, "aws:sourceip", networks), str(asked)) is any(inside)


def test_a_text_that_is_no_address_is_in_none() -> None:
    one = ipaddress.ip_network("10.0.0.0/8")
    assert agrees(Condition(IN, "aws:sourceip", frozenset({one})), "host") is False
    assert agrees(Condition(IN, "aws:sourceip", frozenset({one, EVERYTHING})), "host") is True
