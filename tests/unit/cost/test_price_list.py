"""Are prices of AWS Price List offer files taken as they stand, and refused where they are unclear?"""

import copy
import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec.cost import read_offer, read_prices
from planspec.errors import PolicyError


def product(sku: str, usagetype: str, **attributes: str) -> dict[str, Any]:
    """A product of an offer file."""
    return {"sku": sku, "attributes": {"usagetype": usagetype, "regionCode": "eu-west-1", **attributes}}


def term(sku: str, amount: str, unit: str, begin: str = "0") -> dict[str, Any]:
    """A price on demand of one product."""
    dimension = {"unit": unit, "beginRange": begin, "endRange": "Inf", "pricePerUnit": {"USD": amount}}
    return {f"{sku}.JRTCKXETXF": {"priceDimensions": {f"{sku}.1": dimension}}}


ENGINE = {
    "instanceType": "db.t4g.micro",
    "deploymentOption": "Single-AZ",
    "licenseModel": "No license required",
}
RDS: dict[str, Any] = {
    "offerCode": "AmazonRDS",
    "version": "20260917190528",
    "publicationDate": "2026-09-17T19:05:28Z",
    "products": {
        "PG": product("PG", "EU-InstanceUsage:db.t4g.micro", databaseEngine="PostgreSQL", **ENGINE),
        "MY": product("MY", "EU-InstanceUsage:db.t4g.micro", databaseEngine="MySQL", **ENGINE),
        "ANY": product("ANY", "EU-RDS:GP3-Storage", databaseEngine="Any"),
        "OWN": product("OWN", "EU-RDS:GP3-Storage", databaseEngine="PostgreSQL"),
        "MIRROR": product("MIRROR", "EU-RDS:GP3-Storage-Mirror", databaseEngine="Any"),
    },
    "terms": {
        "OnDemand": {
            "PG": term("PG", "0.0170", "Hrs"),
            "MY": term("MY", "0.0150", "Hrs"),
            "ANY": term("ANY", "0.1", "GB-Mo"),
            "OWN": term("OWN", "0.127", "GB-Mo"),
        },
        "Reserved": {"PG": term("PG", "0.0100", "Hrs")},
    },
}


def written(tmp_path: Path, document: object) -> Path:
    """An offer file."""
    path = tmp_path / "index.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def offer(**changes: Any) -> dict[str, Any]:
    """The offer file with other parts."""
    return copy.deepcopy(RDS) | changes


def test_one_product_of_two_engines_and_of_two_rows_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, RDS)
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    found = {each.price.key: each for each in read_offer(path, book)}
    assert found.keys() == {"rds.postgres.single_az.db.t4g.micro", "rds.storage.gp3.single_az"}
    instance = found["rds.postgres.single_az.db.t4g.micro"]
    assert (instance.price.usd, instance.price.sku) == (Decimal("0.0170"), "PG")
    assert instance.price.as_of == date(2026, 9, 17)
    assert instance.version == "20260917190528"
    assert instance.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found["rds.storage.gp3.single_az"].price.sku == "OWN"


def test_a_price_of_an_offer_file_comes_before_the_catalogue(tmp_path: Path) -> None:
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    dearer = offer()
    dearer["terms"]["OnDemand"]["OWN"] = term("OWN", "0.2", "GB-Mo")
    book.override(read_offer(written(tmp_path, dearer), book))
    price = book.price("rds.storage.gp3.single_az", "eu-west-1")
    assert price is not None
    assert price.usd == Decimal("0.2")
    assert any("SKU OWN" in line and "20260917190528" in line for line in book.told_overrides())
    elsewhere = book.price("rds.storage.gp3.single_az", "us-east-1")
    assert elsewhere is not None
    assert elsewhere.usd == Decimal("0.115")


def test_a_free_tier_at_nothing_is_no_price(tmp_path: Path) -> None:
    alarms = {
        "offerCode": "AmazonCloudWatch",
        "version": "1",
        "publicationDate": "2026-09-22T02:17:15Z",
        "products": {
            "PAID": product("PAID", "EU-CW:AlarmMonitorUsage"),
            "FREE": product("FREE", "Global-CW:AlarmMonitorUsage"),
        },
        "terms": {
            "OnDemand": {"PAID": term("PAID", "0.10", "Alarms"), "FREE": term("FREE", "0", "Alarms")}
        },
    }
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    (found,) = read_offer(written(tmp_path, alarms), book)
    assert (found.price.sku, found.price.usd) == ("PAID", Decimal("0.10"))


def test_a_price_for_each_request_becomes_one_for_a_million(tmp_path: Path) -> None:
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    with_times = [row for row in book.rows.values() if row.price_list and row.price_list.times > 1]
    assert all(row.unit[:1].isdigit() or row.unit.startswith("million") for row in with_times)


TWICE = offer(products={**RDS["products"], "PG2": {**RDS["products"]["PG"], "sku": "PG2"}})
UNIT = offer(terms={"OnDemand": {**RDS["terms"]["OnDemand"], "PG": term("PG", "0.0170", "Quantity")}})
NONE = offer(terms={"OnDemand": {}})
TIERS = offer(terms={"OnDemand": {**RDS["terms"]["OnDemand"], "PG": term("PG", "1", "Hrs", "100")}})
EURO = offer()
EURO["terms"]["OnDemand"]["PG"]["PG.JRTCKXETXF"]["priceDimensions"]["PG.1"]["pricePerUnit"] = {
    "EUR": "1"
}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (TWICE, r"has 2 products \(PG, PG2\); expected one"),
        (UNIT, 'is per "Quantity"; the catalogue counts per hour'),
        (NONE, "has 0 first tiers on demand"),
        (TIERS, "has 0 first tiers on demand"),
        (EURO, "has no price in USD"),
        (offer(products={}), "the offer AmazonRDS holds no price that planspec uses"),
        (offer(offerCode="AmazonConnect"), "the offer AmazonConnect holds no price"),
        (json.dumps(RDS)[:200], "no AWS Price List offer file"),
        ({"resource_changes": []}, "no AWS Price List offer file"),
        (offer(publicationDate="yesterday"), "no AWS Price List offer file"),
    ],
)
def test_a_file_that_leaves_a_choice_or_is_none_is_refused(
    tmp_path: Path, document: object, problem: str
) -> None:
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    with pytest.raises(PolicyError, match=rf"index\.json: .*{problem}"):
        read_offer(written(tmp_path, document), book)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    with pytest.raises(PolicyError, match=r"absent\.json: No such file"):
        read_offer(tmp_path / "absent.json", book)


LINUX = {
    "instanceType": "m5.4xlarge",
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
}
CLUSTER = {
    "instanceType": "db.m6gd.large",
    "databaseEngine": "PostgreSQL",
    "deploymentOption": "Multi-AZ (readable standbys)",
    "licenseModel": "No license required",
}


@pytest.mark.parametrize(
    ("code", "products", "unit", "key"),
    [
        (
            "AmazonEC2",
            {
                "A": product("A", "EUC1-BoxUsage:m5.4xlarge", **LINUX),
                "SQL": product(
                    "SQL", "EUC1-BoxUsage:m5.4xlarge", **LINUX | {"preInstalledSw": "SQL Std"}
                ),
                "RES": product(
                    "RES", "EUC1-BoxUsage:m5.4xlarge", **LINUX | {"capacitystatus": "AllocatedHost"}
                ),
            },
            "Hrs",
            "ec2.linux.m5.4xlarge",
        ),
        (
            "AmazonRDS",
            {"A": product("A", "EUC1-Multi-AZClusterUsage:db.m6gd.large", **CLUSTER)},
            "Hrs",
            "rds.postgres.multi_az_cluster.db.m6gd.large",
        ),
        (
            "AmazonRDS",
            {"A": product("A", "EUC1-Aurora:ServerlessV2Usage", databaseEngine="Aurora PostgreSQL")},
            "ACU-Hr",
            "aurora.acu",
        ),
        ("AmazonEKS", {"A": product("A", "EUC1-AmazonEKS-Hours:perCluster")}, "Hours", "eks.cluster"),
    ],
)
def test_a_row_takes_its_price_from_an_offer_file(
    tmp_path: Path, code: str, products: dict[str, Any], unit: str, key: str
) -> None:
    terms = {"OnDemand": {sku: term(sku, "0.783", unit) for sku in products}}
    path = written(tmp_path, offer(offerCode=code, products=products, terms=terms))
    book = read_prices(bundle.POLICIES, bundle.POLICIES)
    assert book.price(key, "eu-west-1") is None or key == "eks.cluster"
    (found,) = read_offer(path, book)
    assert (found.price.key, found.price.usd, found.price.region) == (key, Decimal("0.783"), "eu-west-1")
