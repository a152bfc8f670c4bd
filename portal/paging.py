"""Lists in pages."""

from typing import Any

from django.views.generic import ListView


class PagedListView(ListView):
    """A list whose ``?page=`` never fails: a page that is not there is the nearest one that is."""

    def paginate_queryset(self, queryset, page_size) -> tuple[Any, Any, Any, bool]:
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()
