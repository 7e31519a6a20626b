"""The phrases of outcomes about a subject: each a form of words, with its blanks.

A form is written once for all subjects; what may stand in its first blank is in the table of outcomes.
"""

from typing import Final

ENABLED: Final = "<setting> must be enabled"
DISABLED: Final = "<setting> must be disabled"
AT_LEAST: Final = "<setting> must be at least <number> <unit>"
AT_MOST: Final = "<setting> must be at most <number> <unit>"
BETWEEN: Final = "<setting> must be between <number> and <most> <unit>"
IS: Final = '<setting> must be "<value>"'
ONE_OF: Final = '<setting> must be one of "<values>"'
HAS: Final = "it must have <part>"
EVERY_CONTAINER: Final = "every container must have <part>"
APPROVED_MAXIMUM: Final = "<amount> must not exceed the approved maximum"
APPROVED_LIST: Final = "its <setting> must be on the approved list"
DECLARED_DEMAND: Final = "its <setting> must not exceed the declared demand"
SUPPORTED: Final = "its <setting> must be supported by AWS"
NEEDED: Final = 'its policy must allow no more than "<value>"'
GRANTS: Final = "it must not grant <grant>"
IN_CLEAR: Final = "<place> must not contain a secret"
WATCHED: Final = 'CloudWatch alarms must watch "<metrics>"'
NOTIFIED: Final = 'it must have event notifications for "<categories>"'
ON_DASHBOARD: Final = 'a CloudWatch dashboard must show "<metric>"'
ALARM_AT: Final = 'an alarm on "<metric>" must fire at or below <number>% of available connections'
ZONES: Final = "it must use subnets in at least <number> Availability Zones"
STATEMENTS: Final = "it must log connections, disconnections, DDL and statements over <number> <unit>"
