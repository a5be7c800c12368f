"""Orders of many places by OR-Tools (guided local search): what ours are compared with."""

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from liaison.core.distances import Rows


def solved(ways: Rows, *, closed: bool, seconds: float) -> tuple[int, ...]:
    """What OR-Tools finds in so many seconds, for any number of places. An open way ends anywhere:
    going home costs nothing there."""
    table = [list(row) for row in ways]
    if not closed:
        for row in table:
            row[0] = 0
    places = pywrapcp.RoutingIndexManager(len(table), 1, 0)
    model = pywrapcp.RoutingModel(places)
    # A table that the solver reads itself: asking back into Python for each would take its time.
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(table))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    search.time_limit.FromMilliseconds(max(1, round(seconds * 1000)))
    solution = model.SolveWithParameters(search)
    if solution is None:
        # Not even a first one in the time: the order given is one.
        return tuple(range(len(table)))
    order = []
    index = model.Start(0)
    while not model.IsEnd(index):
        order.append(places.IndexToNode(index))
        index = solution.Value(model.NextVar(index))
    return tuple(order)
