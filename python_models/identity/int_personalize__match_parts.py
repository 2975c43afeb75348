"""Takes doubtful groups apart: the strongest links join first, the weakest are left out."""

import pandas as pd

SCHEMA = {"person": "string", "part": "string"}


def parts_of(members, links, largest):
    """The part of every member, by its smallest name.

    members: person, accounts, and the component and label by which somebody was told apart.
    links: left_person, right_person, match_weight; is_one_person where the two were told apart by
    spelling only. A link that would make a part of more than `largest` accounts, or bring
    together two that were told apart, is left out.
    """
    group = {person: person for person in members["person"]}
    inside = {person: [person] for person in group}
    accounts = dict(zip(members["person"], members["accounts"], strict=True))
    labels = {
        person: {component: {label}} if isinstance(component, str) else {}
        for person, component, label in zip(
            members["person"],
            members["told_apart_component"],
            members["told_apart_label"],
            strict=True,
        )
    }
    same = {}
    spelt = links[links["is_one_person"].astype(bool)]
    for left, right in zip(spelt["left_person"], spelt["right_person"], strict=True):
        for component in labels[left].keys() & labels[right].keys():
            one, other = min(labels[left][component]), min(labels[right][component])
            same.setdefault(component, set()).update({(one, other), (other, one)})
    ordered = links.sort_values(
        ["match_weight", "left_person", "right_person"], ascending=[False, True, True]
    )
    for left, right in zip(ordered["left_person"], ordered["right_person"], strict=True):
        one, other = group[left], group[right]
        if one == other or accounts[one] + accounts[other] > largest:
            continue
        if told_apart(labels[one], labels[other], same):
            continue
        if len(inside[one]) < len(inside[other]):
            one, other = other, one
        inside[one] += inside[other]
        accounts[one] += accounts[other]
        for component, held in labels[other].items():
            labels[one][component] = labels[one].get(component, set()) | held
        for person in inside.pop(other):
            group[person] = one
    smallest = {name: min(people) for name, people in inside.items()}
    return pd.DataFrame(
        {"person": list(group), "part": [smallest[name] for name in group.values()]}
    )


def told_apart(one, other, same):
    """Whether two parts hold people of one component whose labels are two people's."""
    return any(
        left != right and (left, right) not in same.get(component, ())
        for component in one.keys() & other.keys()
        for left in one[component]
        for right in other[component]
    )


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: doubtful groups and their links in, the parts they fall into out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    groups = dbt.ref("int_personalize__match_groups")
    is_snowpark = hasattr(groups, "to_local_iterator")
    members = read(groups.filter(groups["IS_DOUBTFUL"] if is_snowpark else "is_doubtful"))
    members = members.sort_values("person")
    links = read(dbt.ref("int_personalize__doubtful_links"))
    parts = parts_of(members, links, int(settings["max_accounts_per_person"]))
    return write(parts, SCHEMA, session)
