import numpy as np

from planner.demo.lines import chains, smooth


def test_edges_of_one_kind_are_joined_and_break_where_the_kind_changes_or_three_meet():
    #  1 - 2 - 3 - 4 = 5      the fork at 3 and the change of kind at 4 are ends
    #          |
    #          6
    edges = {(1, 2): "path", (2, 3): "path", (3, 4): "path", (3, 6): "path", (4, 5): "track"}
    lines = sorted((kind, min(nodes, nodes[::-1])) for kind, nodes in chains(edges))
    assert lines == [("path", [1, 2, 3]), ("path", [3, 4]), ("path", [3, 6]), ("track", [4, 5])]


def test_two_streams_that_meet_at_a_mouth_stay_two_lines():
    edges = {(1, 2): "", (3, 2): ""}
    assert [len(nodes) for _, nodes in chains(edges)] == [3]
    assert [len(nodes) for _, nodes in chains(edges, ends={2})] == [2, 2]


def test_a_ring_comes_back_to_its_first_node():
    [(_, nodes)] = chains({(1, 2): "", (2, 3): "", (1, 3): ""})
    assert nodes[0] == nodes[-1]
    assert sorted(nodes[:-1]) == [1, 2, 3]


def test_smoothing_keeps_both_ends_of_a_line():
    line = smooth(np.array([[0.0, 0.0], [4.0, 4.0], [8.0, 0.0]]), 1)
    assert line.tolist() == [[0, 0], [4, 2], [8, 0]]


def test_smoothing_a_square_ring_shrinks_every_corner_alike():
    ring = smooth(np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]), 1)
    assert ring.tolist() == [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
