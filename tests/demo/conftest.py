import hashlib
from pathlib import Path

import osmium
import pytest
import shapely

from planner import demo
from planner.files import data_folder


class Ways:
    """The ways of the demo's OSM file: tags, node ids and line of each."""

    def __init__(self, file: Path) -> None:
        self.all = []
        for thing in osmium.FileProcessor(str(file)).with_locations():
            if thing.is_way():
                line = shapely.LineString([(node.lon, node.lat) for node in thing.nodes])
                self.all.append((dict(thing.tags), [node.ref for node in thing.nodes], line))

    def having(self, key: str, *values: str) -> list[tuple[dict[str, str], list[int], shapely.LineString]]:
        return [way for way in self.all if key in way[0] and (not values or way[0][key] in values)]


def sha256s(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "made"
    demo.make(folder, demo.SEED)
    return folder


@pytest.fixture(scope="session")
def shipped() -> Path:
    return data_folder() / "demo"


@pytest.fixture(scope="session")
def ways(made: Path) -> Ways:
    return Ways(made / "roads.osm.pbf")
