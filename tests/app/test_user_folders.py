"""app/user_folders.py: three places of the person's own, none inside another, none the program's."""

from app import user_folders
from app.store.networks import SHIPPED


def test_settings_networks_and_downloads_have_places_of_their_own():
    places = [user_folders.settings_file(), user_folders.networks_folder(), user_folders.downloads_folder()]
    assert all(place.is_absolute() and "LeNet Canvas" in place.parts for place in places)
    for place in places:
        assert not place.is_relative_to(SHIPPED.parent)
        assert not any(place.is_relative_to(other) for other in places if other != place)
