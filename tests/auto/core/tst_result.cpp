// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Results hold a value or an error, and errors have names that scripts can rely on.

#include <qp2pcore/result.h>

#include <QMetaEnum>
#include <QRegularExpression>
#include <QTest>

#include <memory>

using namespace Qp2p;

class tst_Result : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aValueIsOkAndHasNoError()
    {
        const Result<int> result = 42;
        QVERIFY(result.isOk());
        QVERIFY(result);
        QCOMPARE(*result, 42);
        QCOMPARE(result.error().code, ErrorCode::None);
        QVERIFY(!result.error().isError());
    }

    void anErrorIsKeptAsItWasGiven()
    {
        Error error(ErrorCode::ClosedByPeer, QStringLiteral("gone"));
        error.closeCode = 7;
        error.closeReason = QStringLiteral("bye");
        const Result<int> result = error;
        QVERIFY(!result);
        QVERIFY(result.error().isError());
        QCOMPARE(result.error().code, ErrorCode::ClosedByPeer);
        QCOMPARE(result.error().message, QStringLiteral("gone"));
        QCOMPARE(result.error().closeCode, quint64(7));
        QCOMPARE(result.error().closeReason, QStringLiteral("bye"));
    }

    void aResultWithoutAValueIsOkUnlessAnErrorIsGiven()
    {
        QVERIFY(Result<void>().isOk());
        const Result<void> failed = Error(ErrorCode::QueueFull, QStringLiteral("full"));
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::QueueFull);
    }

    void aValueThatCannotBeCopiedCanBeMovedOut()
    {
        Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
        const std::unique_ptr<int> value = std::move(result).value();
        QCOMPARE(*value, 5);
    }

    void everyErrorCodeHasItsOwnName()
    {
        const auto codes = QMetaEnum::fromType<ErrorCode>();
        QCOMPARE_GT(codes.keyCount(), 30);
        QStringList names;
        for (int i = 0; i < codes.keyCount(); ++i)
            names.append(errorCodeName(static_cast<ErrorCode>(codes.value(i))));
        QCOMPARE(names.removeDuplicates(), 0);
        QVERIFY(names.contains(QStringLiteral("AddressInUse")));
        QCOMPARE(errorCodeName(ErrorCode::None), QStringLiteral("None"));
        QCOMPARE(errorCodeName(ErrorCode::UnsupportedKey), QStringLiteral("UnsupportedKey"));
    }

    void aCodeOfANewerLibraryIsShownAsANumber()
    {
        QCOMPARE(errorCodeName(static_cast<ErrorCode>(9999)), QStringLiteral("ErrorCode(9999)"));
    }

    void debugOutputHasAllPartsAndNoControlCharacters()
    {
        Error error(ErrorCode::ClosedByPeer, QStringLiteral("The peer\x1b[2J left."));
        error.closeCode = 258;
        error.closeReason = QStringLiteral("line\nbreak");
        QString text;
        QDebug(&text) << error;
        QVERIFY2(text.contains(QLatin1String("ClosedByPeer")), qPrintable(text));
        QVERIFY2(text.contains(QLatin1String("258")), qPrintable(text));
        QVERIFY2(text.contains(QLatin1String("left.")), qPrintable(text));
        QVERIFY2(!text.contains(QRegularExpression(QStringLiteral("[\\x00-\\x1f\\x7f]"))),
                 qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(tst_Result)
#include "tst_result.moc"
