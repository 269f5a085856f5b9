"""How answers of the contracts that REST framework serves are written."""

from rest_framework.renderers import JSONRenderer


class KeptRenderer(JSONRenderer):
    """JSON that may have been rendered before; refusals weren't."""

    def render(self, data, *args, **kwargs):
        return data if isinstance(data, bytes) else super().render(data, *args, **kwargs)
