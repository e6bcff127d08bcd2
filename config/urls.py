"""Root addresses: wiring only."""

urlpatterns: list = []
