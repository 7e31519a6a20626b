"""Why can a relation of a value not be told, where there is more to say than the value?"""

from planspec.judgements.generic import ports
from planspec.judgements.generic.relations import Bound, OneOf, Relation
from planspec.plan import UNKNOWN, Known, Open, Value


def doubt(relation: Relation, place: Value, path: str) -> str:
    """Why the relation of a value cannot be told, where there is more to say than the value."""
    why = relation.why(place) if isinstance(relation, Bound) else ""
    if why or place.perhaps:
        return why
    here = place.path if path.endswith("*") else path
    match place.peek():
        case Known([], _) | Open() as state if state is not UNKNOWN and ports.names_port(place.steps):
            return ports.UNSTATED
        case Known(list(), False):
            return f'it is a list; write "{here}[*]" for what it contains'
        case Known(dict(), False):
            return f'it is a map; write "{here}.<key>" for what it contains'
        case Known() if isinstance(relation, OneOf) and relation.ranges(place):
            return f"{' or '.join(relation.texts)} is one of these ports"
        case _:
            return ""
