"""Charts as rectangles."""

from panel.lib.charts import HEIGHT, WIDTH, Part, draw_groups


def test_groups_stand_side_by_side_and_share_one_scale():
    chart = draw_groups([[("info", 100), ("success", 50)], [("info", 25)]])
    assert chart.top == 100
    assert chart.parts == [
        Part(37.5, 0.0, 112.5, 160.0, "info"),
        Part(150.0, 80.0, 112.5, 80.0, "success"),
        Part(337.5, 120.0, 225.0, 40.0, "info"),
    ]


def test_a_loss_draws_nothing():
    chart = draw_groups([[("info", 0), ("success", -5)]])
    assert (chart.width, chart.height, chart.parts, chart.top) == (WIDTH, HEIGHT, [], 0)


def test_no_days_are_an_empty_chart():
    assert draw_groups([]).parts == []
