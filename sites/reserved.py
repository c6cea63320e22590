"""Names that the planner has for things of its own, so that units of a site cannot go by them."""

from collections.abc import Iterable

from .schema import SiteFile

COMPONENTS = ("air_heat", "chilled", "cool", "heat_network", "loops", "measured_load", "near", "tariff", "unserved", "warm")
OF_MODELS = (  # attributes of a Pyomo block
    "Skip", "activate", "active", "active_blocks", "active_component_data", "active_components", "add_component", "all_blocks", "all_component_data",
    "all_components", "block_data_objects", "clear", "clear_suffix_value", "clone", "cname", "collect_ctypes", "component",
    "component_data_iterindex", "component_data_objects", "component_map", "component_objects", "construct", "contains_component", "ctype",
    "deactivate", "del_component", "dim", "display", "doc", "find_component", "fix_all_vars", "get_suffix_value", "getname", "id_index_map", "index",
    "index_set", "is_component_type", "is_constructed", "is_expression_type", "is_indexed", "is_logical_type", "is_named_expression_type",
    "is_numeric_type", "is_parameter_type", "is_reference", "is_variable_type", "items", "iteritems", "iterkeys", "itervalues", "keys", "local_name",
    "model", "name", "parent_block", "parent_component", "pprint", "private_data", "reclassify_component_type", "reconstruct",
    "register_private_data_initializer", "root_block", "set_suffix_value", "set_value", "to_dense_data", "transfer_attributes_from", "type",
    "unfix_all_vars", "valid_model_component", "valid_problem_types", "values", "write")
BEGINNINGS, ENDS = ("capacity_", "reserve_", "trip_of_"), ("", "_power")  # of rows of a unit, beside which the units of a plant stand
LEVELS = ("air_heat", "chilled", "cool", "near", "warm")
CARRIERS = (*LEVELS, "contract", "critical_power", "electricity", "gas", "grid", "grid_export", "liquid_heat", "low_voltage", "network_heat")


def is_reserved(name: str, units: Iterable[str]) -> bool:
    """Whether the planner needs a name for itself; `units` are the names of all units that the site's plan may hold."""
    return name in (*COMPONENTS, *OF_MODELS) or name in _rows((*COMPONENTS, *units, "generators"))


def _rows(units: Iterable[str]) -> set[str]:
    """Names of rows for units, for the group of generators, and for what flows between them."""
    named = {f"{beginning}{unit}{end}" for beginning in BEGINNINGS for unit in units for end in ENDS}
    return named | {f"{carrier}_balance" for carrier in CARRIERS} | {f"{level}_heat" for level in LEVELS}


def named_by_site(site: SiteFile) -> dict[str, str]:
    """What the tables of a plan call the site's stages, pipelines, halls and racks, each with the key that names it."""
    found = {f"grid_{stage.name}": "grid.stages" for stage in site.grid.stages}
    found |= {f"gas_{pipeline.name}": "gas.pipelines" for pipeline in (site.gas.pipelines if site.gas else ())}
    found |= {f"hall_{hall.name}": "halls" for hall in site.halls}
    return found | {f"{tranche.name}_{rack}": "fleet" for tranche in site.fleet for rack in tranche.variants}
