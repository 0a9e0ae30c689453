"""The labels that pages print before their dates, in the languages in which articles come.

A `FIRST` label names the first publication and wins over `PUBLISHED`; a stamp is set by a system (for an edit, by an
archive) and says nothing about when the report was written.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = (
    "first published", "originally published", "published first",
    "erstveröffentlicht", "erstmals veröffentlicht", "erstveröffentlichung",
    "première publication", "publié pour la première fois",
    "publicado por primera vez", "publicado originalmente", "prima pubblicazione",
    "первая публикация", "впервые опубликовано",
    "פרסום ראשון", "פורסם לראשונה",
    "نشر لأول مرة", "نُشر لأول مرة",
)  # fmt: skip
PUBLISHED: Final = (
    "published", "published on", "publication date", "date published", "publish date", "posted", "posted on",
    "date posted", "release date", "issued on",
    "publié", "publié le", "date de publication", "mis en ligne le",
    "veröffentlicht", "veröffentlicht am", "publiziert am", "erschienen am",
    "publicado", "publicado el", "publicado em", "fecha de publicación", "data de publicação",
    "pubblicato", "pubblicato il", "data di pubblicazione",
    "gepubliceerd", "gepubliceerd op", "publicerad", "publisert", "publiceret",
    "опубликовано", "дата публикации", "размещено", "опубліковано", "дата публікації",
    "opublikowano", "data publikacji", "yayınlanma tarihi", "yayın tarihi",
    "פורסם", "פורסם בתאריך", "תאריך פרסום",
    "تاريخ النشر", "نشر في", "نُشر في", "نشر بتاريخ", "تم النشر في",
    "发布时间", "发布日期", "发布于", "發布時間", "公開日", "掲載日", "입력", "등록",
)  # fmt: skip
# So short or common that only a colon makes a label of them.
WITH_COLON: Final = ("date", "dated", "datum", "fecha", "data", "дата", "תאריך", "التاريخ", "日期", "日時")
STAMPS: Final = (
    "updated", "last updated", "last update", "update", "modified", "last modified", "edited", "last edited", "revised",
    "last revised", "last changed", "accessed", "retrieved", "archived", "printed", "republished",
    "mis à jour", "mise à jour", "modifié le", "dernière modification",
    "aktualisiert", "zuletzt aktualisiert", "geändert", "zuletzt geändert", "bearbeitet", "stand:",
    "actualizado", "actualizada", "última actualización", "modificado", "atualizado", "aggiornato",
    "ultimo aggiornamento",
    "bijgewerkt", "gewijzigd", "uppdaterad", "oppdatert", "opdateret",
    "обновлено", "обновлён", "обновлен", "изменено", "отредактировано", "оновлено", "змінено",
    "zaktualizowano", "aktualizacja", "güncelleme", "güncellendi", "son güncelleme",
    "עודכן", "עדכון אחרון", "עדכון", "תאריך עדכון",
    "تم التحديث", "آخر تحديث", "تاريخ التحديث", "حُدث", "تم التعديل",
    "更新", "更新时间", "更新日期", "更新日時", "修改", "수정",
)  # fmt: skip
